import type { PackageSpec, Template } from './template.ts'
import type { Files } from './write-files.ts'

/** What packages depend on, as `package.json` has it. */
export interface Versions {
  /** Of Isthmus: what npm is asked for, and the range that the package works with. */
  readonly isthmus: string
  readonly isthmusRange: string
  readonly typescript: string
  readonly nodeTypes: string
  readonly node: string
  /** Of the package that brings Node, where that is where Node comes from. */
  readonly nodePackage: string | undefined
}

/** What every package has, whatever its kind. */
export function commonFiles(spec: PackageSpec, template: Template, versions: Versions): Files {
  return {
    'package.json': `${JSON.stringify(manifest(spec, template, versions), null, 2)}\n`,
    'tsconfig.json': `${JSON.stringify(TSCONFIG, null, 2)}\n`,
    '.gitignore': 'node_modules/\ndist/\noffsets.json\n',
    '.env': ENV,
    'README.md': readme(spec, template),
  }
}

/** Isthmus is a peer: whoever runs it brings it, and there must be one copy of its classes only. */
function manifest({ name, base, className }: PackageSpec, template: Template, versions: Versions): object {
  const bringsNode = versions.nodePackage !== undefined
  return {
    name,
    version: '0.1.0',
    description: `${className}: ${template.what} for Isthmus`,
    keywords: ['isthmus', 'kafka', 'kafka-connect', ...template.keywords],
    type: 'module',
    exports: { types: './dist/src/index.d.ts', default: './dist/src/index.js' },
    files: ['dist/src'],
    engines: { node: versions.node },
    scripts: {
      build: 'tsc',
      prepack: 'tsc',
      test: 'tsc && node --test "dist/test/*.test.js"',
      start: `tsc && node --env-file=.env node_modules/isthmus/dist/framework/cli/isthmus.js ${template.start({ name, base, className })}`,
    },
    peerDependencies: { isthmus: versions.isthmusRange },
    devDependencies: {
      '@types/node': versions.nodeTypes,
      isthmus: versions.isthmus,
      ...(bringsNode ? { node: versions.nodePackage } : {}),
      typescript: versions.typescript,
    },
    ...(bringsNode ? { allowScripts: { node: true } } : {}),
  }
}

const TSCONFIG = {
  compilerOptions: {
    target: 'es2024',
    module: 'nodenext',
    types: ['node'],
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    noImplicitOverride: true,
    verbatimModuleSyntax: true,
    erasableSyntaxOnly: true,
    rewriteRelativeImportExtensions: true,
    skipLibCheck: true,
    declaration: true,
    rootDir: '.',
    outDir: 'dist',
  },
  include: ['src', 'test'],
}

const ENV = `# For npm start. A variable of the environment counts more than a line here.
KAFKA=localhost:9092
`

function readme(spec: PackageSpec, template: Template): string {
  return `# ${spec.name}

${template.readme(spec)}

\`\`\`
npm install
npm test         # builds, then tests: no Kafka needed
npm start        # builds, then runs it with Kafka at localhost:9092; KAFKA=host:port npm start, or the file .env, for another
\`\`\`

\`src/index.ts\` is what there is to change: its comments say who calls what, and when. Its test, which \`npm start\` builds too, says what is expected
of it: change both.
`
}
