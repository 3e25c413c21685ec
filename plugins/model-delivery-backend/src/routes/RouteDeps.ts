import type { LoggerService } from '@backstage/backend-plugin-api';
import type {
  ModelSpec,
  SourceDetail,
} from '@slipway/plugin-model-delivery-common/schema';
import type {
  ChampionRef,
  ProviderError,
} from '@slipway/plugin-model-delivery-node';
import type { Stores } from '../database/stores';
import type { ApprovalService } from '../delivery/ApprovalService';
import type { DeliveryService } from '../delivery/DeliveryService';
import type { RollbackService } from '../delivery/RollbackService';
import type { FeedbackService } from '../feedback/FeedbackService';
import type { Consumers } from '../impact/Consumers';
import type { DataAddresses } from '../onboarding/DataAddresses';
import type { Onboarding } from '../onboarding/Onboarding';
import type { ProjectEntities } from '../onboarding/ProjectEntities';
import type { RegisteredModels } from '../onboarding/RegisteredModels';
import type { ProviderRegistry } from '../providers/ProviderRegistry';
import type { Targets } from '../providers/Targets';
import type { EvidenceReader } from '../sync/EvidenceReader';

/** What the routes work with. */
export interface RouteDeps {
  stores: Stores;
  registry: ProviderRegistry;
  targets: Targets;
  delivery: DeliveryService;
  rollbacks: RollbackService;
  approvals: ApprovalService;
  feedback: FeedbackService;
  consumers: Consumers;
  onboarding: Onboarding;
  registeredModels: RegisteredModels;
  projectEntities: ProjectEntities;
  dataAddresses: DataAddresses;
  /** Every provider and how it fares. */
  listSources(): Promise<SourceDetail[]>;
  logger: LoggerService;
  now: () => Date;
  /** Summarises a model now. */
  refresh(entityRef: string): Promise<void>;
  wakeSync(): void;
  wakeDelivery(): void;
  /** Considers the automatic deliveries of a model. */
  deliverAutomatically(spec: ModelSpec): Promise<void>;
  evidence: EvidenceReader;
  /** What a new version has to be compared with now. */
  championOf(spec: ModelSpec): Promise<ChampionRef | null>;
  unsupported(message: string): ProviderError;
}
