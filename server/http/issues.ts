// Issues: the problems that were found, with what people decided about them.
import type { Handlers } from './endpoint.ts';
import type { HttpParts } from './parts.ts';

type Names = 'listIssues' | 'readIssue' | 'changeIssue' | 'deleteIssue' | 'deleteIssues';

export const issueHandlers = ({ issues }: Pick<HttpParts, 'issues'>): Pick<Handlers, Names> => ({
  listIssues: ({ query }) => issues.list(query),
  readIssue: ({ params: { id } }) => issues.read(id),
  changeIssue: ({ params: { id }, body }) => issues.change(id, body),
  async deleteIssue({ params: { id } }) {
    await issues.remove(id);
    return { count: 1 };
  },
  deleteIssues: async ({ body }) => ({ count: await issues.removeAll(body) }),
});
