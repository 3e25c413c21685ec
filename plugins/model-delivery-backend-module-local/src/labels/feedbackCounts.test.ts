import { FeedbackCounts } from './feedbackCounts';

const SERVER = `# HELP model_requests_total Answers.
# TYPE model_requests_total counter
model_requests_total{endpoint="infer",code="200"} 7
# HELP model_feedback_total Labels that came back.
# TYPE model_feedback_total counter
model_feedback_total{outcome="correct"} 0
model_feedback_total{outcome="unknown-id"} 0
`;

describe('FeedbackCounts', () => {
  it('puts the labels of an environment in the place of those of its server', () => {
    const counts = new FeedbackCounts();
    counts.add('a', 'correct');
    counts.add('a', 'correct');
    counts.add('a', 'malformed');
    counts.add('b', 'far');
    const lines = counts.addTo('a', SERVER).split('\n');
    expect(lines).toEqual([
      '# HELP model_requests_total Answers.',
      '# TYPE model_requests_total counter',
      'model_requests_total{endpoint="infer",code="200"} 7',
      '# HELP model_feedback_total Labels that came back.',
      '# TYPE model_feedback_total counter',
      'model_feedback_total{outcome="correct"} 2',
      'model_feedback_total{outcome="incorrect"} 0',
      'model_feedback_total{outcome="close"} 0',
      'model_feedback_total{outcome="far"} 0',
      'model_feedback_total{outcome="unknown-id"} 0',
      'model_feedback_total{outcome="malformed"} 1',
      '',
    ]);
  });
});
