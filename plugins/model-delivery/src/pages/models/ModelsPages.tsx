import { lazy, Suspense } from 'react';
import { Route, Routes } from 'react-router-dom';
import { Loading } from '../../components';
import { FleetPage } from '../fleet';

const SourcesPage = lazy(() =>
  import('../sources').then(m => ({ default: m.SourcesPage })),
);
const ApprovalsPage = lazy(() =>
  import('../approvals').then(m => ({ default: m.ApprovalsPage })),
);
const AddModelPage = lazy(() =>
  import('../add').then(m => ({ default: m.AddModelPage })),
);

/** What lies at and below `/models`. */
export function ModelsPages() {
  return (
    <Suspense fallback={<Loading what="page" />}>
      <Routes>
        <Route index element={<FleetPage />} />
        <Route path="sources" element={<SourcesPage />} />
        <Route path="approvals" element={<ApprovalsPage />} />
        <Route path="add" element={<AddModelPage />} />
      </Routes>
    </Suspense>
  );
}
