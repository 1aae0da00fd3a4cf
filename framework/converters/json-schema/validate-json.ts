import { DataError } from '../../api/data.ts'
import type { JsonObject } from '../json/json-text.ts'
import { requireOptional } from '../registry/optional-package.ts'

/** @throws DataError that says what is not valid, and where */
export type ValidateJson = (text: string) => void

interface Failure {
  readonly instancePath: string
  readonly message?: string
}

/** What is used of the package ajv. */
interface Ajv {
  compile(schema: object): { (json: unknown): boolean; errors?: readonly Failure[] | null }
  addSchema(schema: object, name: string): void
}

interface AjvModule {
  readonly default: new (options: { readonly strict: false; readonly validateFormats: false; readonly allErrors: true }) => Ajv
}

/** Compiles documents, by the names by which they refer to each other; the empty name is the one that is checked. @throws ConfigError without ajv */
export function loadValidators(): (documents: ReadonlyMap<string, JsonObject>) => ValidateJson {
  const { default: AjvClass } = requireOptional<AjvModule>('ajv', 'Validation by JSON Schema', 'json.fail.invalid.schema')
  return documents => {
    const ajv = new AjvClass({ strict: false, validateFormats: false, allErrors: true })
    for (const [name, document] of documents) if (name !== '') ajv.addSchema(document, name)
    const validate = ajv.compile(documents.get('') ?? {})
    return text => {
      if (validate(JSON.parse(text))) return
      const failures = (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath || '/'} ${message}`)
      throw new DataError(`is not valid by its JSON Schema: ${failures.join('; ').slice(0, 500)}`)
    }
  }
}
