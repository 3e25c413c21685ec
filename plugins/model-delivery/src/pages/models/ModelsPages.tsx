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
const FeedbackPage = lazy(() =>
  import('../feedback').then(m => ({ default: m.FeedbackPage })),
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
        <Route path="feedback" element={<FeedbackPage />} />
        <Route path="add" element={<AddModelPage />} />
      </Routes>
    </Suspense>
  );
}
