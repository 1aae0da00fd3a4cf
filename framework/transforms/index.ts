export { registerTransforms, transformAliases } from './aliases.ts'
export { openTransforms } from './open-transforms.ts'
export { type Outcome, openPipeline, RecordPipeline } from './record-pipeline.ts'
export { TransformChain, type Transformed, type TransformStage } from './transform-chain.ts'
