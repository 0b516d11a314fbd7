export { answerAsked, readAsked } from './store/assessments.js';
