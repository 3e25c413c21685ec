import type { Knex } from 'knex';
import { ApprovalStore } from './ApprovalStore';
import { DenialStore } from './DenialStore';
import { DeploymentExecution } from './DeploymentExecution';
import { DeploymentStore } from './DeploymentStore';
import { DossierStore } from './DossierStore';
import { EffectStore } from './EffectStore';
import { FigureStore } from './FigureStore';
import { FleetStore } from './FleetStore';
import { HistoryCheckStore } from './HistoryCheckStore';
import { HistoryStore } from './HistoryStore';
import { HoldStore } from './HoldStore';
import { IdempotencyStore } from './IdempotencyStore';
import { IncidentStore } from './IncidentStore';
import { LiveStore } from './LiveStore';
import { ModelStore } from './ModelStore';
import { MonitorStore } from './MonitorStore';
import { NoticeStore } from './NoticeStore';
import { RegisteredStore } from './RegisteredStore';
import { RolloutStore } from './RolloutStore';
import { RunQuestionStore } from './RunQuestionStore';
import { RunStore } from './RunStore';
import { SourceStore } from './SourceStore';
import { SummaryStore } from './SummaryStore';
import { SwitchStore } from './SwitchStore';
import { UnreadStore } from './UnreadStore';
import { VersionStore } from './VersionStore';
import { WaitingStore } from './WaitingStore';

export interface Stores {
  models: ModelStore;
  summaries: SummaryStore;
  fleet: FleetStore;
  runs: RunStore;
  versions: VersionStore;
  deployments: DeploymentStore;
  execution: DeploymentExecution;
  effects: EffectStore;
  rollouts: RolloutStore;
  waiting: WaitingStore;
  approvals: ApprovalStore;
  questions: RunQuestionStore;
  notices: NoticeStore;
  live: LiveStore;
  figures: FigureStore;
  dossiers: DossierStore;
  holds: HoldStore;
  history: HistoryStore;
  denials: DenialStore;
  historyChecks: HistoryCheckStore;
  monitors: MonitorStore;
  incidents: IncidentStore;
  switches: SwitchStore;
  sources: SourceStore;
  unread: UnreadStore;
  idempotency: IdempotencyStore;
  registered: RegisteredStore;
}

export const createStores = (knex: Knex): Stores => ({
  models: new ModelStore(knex),
  summaries: new SummaryStore(knex),
  fleet: new FleetStore(knex),
  runs: new RunStore(knex),
  versions: new VersionStore(knex),
  deployments: new DeploymentStore(knex),
  execution: new DeploymentExecution(knex),
  effects: new EffectStore(knex),
  rollouts: new RolloutStore(knex),
  waiting: new WaitingStore(knex),
  approvals: new ApprovalStore(knex),
  questions: new RunQuestionStore(knex),
  notices: new NoticeStore(knex),
  live: new LiveStore(knex),
  figures: new FigureStore(knex),
  dossiers: new DossierStore(knex),
  holds: new HoldStore(knex),
  history: new HistoryStore(knex),
  denials: new DenialStore(knex),
  historyChecks: new HistoryCheckStore(knex, new HistoryStore(knex)),
  monitors: new MonitorStore(knex),
  incidents: new IncidentStore(knex),
  switches: new SwitchStore(knex),
  sources: new SourceStore(knex),
  unread: new UnreadStore(knex),
  idempotency: new IdempotencyStore(knex),
  registered: new RegisteredStore(knex),
});
