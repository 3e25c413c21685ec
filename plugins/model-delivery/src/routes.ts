import {
  createExternalRouteRef,
  createRouteRef,
} from '@backstage/frontend-plugin-api';

export const modelsRouteRef = createRouteRef();

/** A template of the scaffolder: where a new model starts. */
export const newModelRouteRef = createExternalRouteRef({
  params: ['namespace', 'templateName'],
  defaultTarget: 'scaffolder.selectedTemplate',
});

/** Where the tabs of a model lie below its entity page. */
export const TAB_PATHS = {
  delivery: '/delivery',
  pipelines: '/pipelines',
  versions: '/versions',
  monitoring: '/monitoring',
} as const;
export type ModelTab = keyof typeof TAB_PATHS;
