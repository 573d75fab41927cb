export { OperationsModule } from './operations.module.js';
export type { OperationsOptions } from './operations.options.js';
