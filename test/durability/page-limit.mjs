// Preloaded into a Mailscope: for its database the disk is full with MAILSCOPE_TEST_MAX_PAGES pages.
import { workerData } from 'node:worker_threads';

if (workerData?.role === 'writer') workerData.maxPages = Number(process.env.MAILSCOPE_TEST_MAX_PAGES);
