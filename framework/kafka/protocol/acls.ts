import { array, int8, int16, int32, nullableString, string, struct } from './codec.ts'
import { message } from './message.ts'

/** `resourceType` 2 = topic; `patternType` 1 = any, 3 = literal; `operation` and `permission` 1 = any. */
export const describeAcls = message({
  name: 'DescribeAcls',
  apiKey: 29,
  version: 1,
  flexible: false,
  request: struct({
    resourceType: int8,
    resourceName: nullableString,
    patternType: int8,
    principal: nullableString,
    host: nullableString,
    operation: int8,
    permission: int8,
  }),
  response: struct({
    throttleTimeMs: int32,
    errorCode: int16,
    errorMessage: nullableString,
    resources: array(
      struct({
        resourceType: int8,
        resourceName: string,
        patternType: int8,
        acls: array(struct({ principal: string, host: string, operation: int8, permission: int8 })),
      }),
    ),
  }),
})

export const createAcls = message({
  name: 'CreateAcls',
  apiKey: 30,
  version: 1,
  flexible: false,
  request: struct({
    creations: array(
      struct({
        resourceType: int8,
        resourceName: string,
        patternType: int8,
        principal: string,
        host: string,
        operation: int8,
        permission: int8,
      }),
    ),
  }),
  response: struct({ throttleTimeMs: int32, results: array(struct({ errorCode: int16, errorMessage: nullableString })) }),
})
