/**
 * A run that an outside system holds back until Slipway answers whether it may deploy to an
 * environment, such as one that waits for a custom deployment protection rule of GitHub.
 */
export interface AskingRun {
  /** The commit at which it was started; null where it is unknown. */
  commit: string | null;
  /** The branch or tag at which it was started. */
  ref: string | null;
  /**
   * Where inputs that the outside system does not tell choose the version, and not the commit: the
   * title of the run, which then has to name the version. Null where the commit chooses it.
   */
  titleOfInputs: string | null;
  /** The account that started it, and the annotation by which User entities name such accounts. */
  startedBy: { name: string; annotation: string } | null;
  /** For people. */
  url: string;
  /** Whether it has not ended. */
  isOpen: boolean;
  /** The newest deployment of Slipway that it carries out; null where Slipway did not start it. */
  deploymentId: string | null;
}

/** `pending` answers nothing yet and says why. */
export interface RunAnswer {
  state: 'approved' | 'rejected' | 'pending';
  /** Plain text; a provider shortens it to what the outside system takes. */
  comment: string;
}
