import { z } from 'zod';
import { operation } from '../operation';
import { createdProject, createProject, none } from '../shapes';

/** What the template of a new model repository asks. */
export const projectsOperations = {
  checkProject: operation({
    method: 'get',
    path: '/projects/check',
    summary: 'Whether a model project may be given this name',
    permission: 'model-delivery.project.create',
    params: none,
    query: z.object({ name: z.string().max(200) }),
    answer: z.object({ free: z.boolean(), reason: z.string().nullable() }),
    errors: ['unavailable'],
  }),
  checkDataAddress: operation({
    method: 'get',
    path: '/projects/data',
    summary:
      'From which hosts a project may take its data, and whether an address may be read',
    permission: 'model-delivery.project.create',
    params: none,
    query: z.object({ url: z.string().max(2000).optional() }),
    answer: z.object({
      /** Null where no address was given. */
      readable: z.boolean().nullable(),
      reason: z.string().nullable(),
      hosts: z.array(z.string()),
    }),
  }),
  createProject: operation({
    method: 'post',
    path: '/projects',
    summary: 'Publishes the files of a new model project to a repository',
    permission: 'model-delivery.project.create',
    params: none,
    query: none,
    body: createProject,
    answer: createdProject,
    idempotent: true,
    errors: ['conflict', 'unavailable'],
  }),
} as const;
