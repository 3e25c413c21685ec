export { ModelsPages } from './ModelsPages';
