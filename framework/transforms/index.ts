export { registerTransforms, transformAliases } from './aliases.ts'
export { openTransforms } from './open-transforms.ts'
export { TransformChain, type Transformed, type TransformStage } from './transform-chain.ts'
