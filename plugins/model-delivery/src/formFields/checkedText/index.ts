export { CheckedText, type Checked } from './CheckedText';
