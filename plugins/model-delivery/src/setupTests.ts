import '@testing-library/jest-dom';
import { configure } from '@testing-library/react';

// Pages load their parts lazily, and what a test waits for may be compiled first.
configure({ asyncUtilTimeout: 10_000 });
jest.setTimeout(30_000);
