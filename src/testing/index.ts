export { platformSchemaSql } from './platform-schema.js';
