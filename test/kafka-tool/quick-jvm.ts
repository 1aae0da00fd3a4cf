/** Flags of a JVM. Starts fast and takes little memory; peak speed is lower than with the JVM's defaults. */
export const QUICK_JVM: readonly string[] = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xshare:auto', '-XX:-UsePerfData']
