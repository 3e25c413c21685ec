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
