import { delimiter } from 'node:path'
import { compileFolder } from '../kafka-tool/compile.ts'
import { kafkaClasspath } from '../kafka-tool/index.ts'
import { jdkTool } from '../kafka-tool/jdk.ts'
import { javaFolder } from './paths.ts'
import { runProcess } from './processes.ts'

/** Runs a program of the folder java/ as its users would, with the JVM's own defaults but for the heap; resolves with what it printed. */
export const runBenchJava = async (mainClass: string, args: readonly string[], timeoutMs: number): Promise<string> => {
  const classpath = [await compileFolder(javaFolder, 'bench'), await kafkaClasspath()].join(delimiter)
  const jvm = ['-Xmx512m', '-Dorg.slf4j.simpleLogger.defaultLogLevel=error', '-cp', classpath]
  return runProcess(jdkTool('java'), [...jvm, mainClass, ...args], { timeoutMs })
}
