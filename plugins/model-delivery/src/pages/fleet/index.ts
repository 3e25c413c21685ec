export { FleetPage } from './FleetPage';
export {
  AddModelButton,
  ApprovalsButton,
  FeedbackButton,
  SourcesButton,
} from './FleetActions';
export { NewModelButton } from './NewModelButton';
