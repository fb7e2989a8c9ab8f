// What the HTTP side needs of issues.
import type { Severity } from '../../shared/finding.ts';
import type { Issue, IssueChanges, IssueState } from '../../shared/issue.ts';

/** All throw MailscopeError. */
export interface IssuePart {
  list(asked: {
    state?: IssueState | undefined;
    severity?: Severity | undefined;
    rule?: string | undefined;
    limit: number;
    cursor?: string | undefined;
  }): { items: Issue[]; nextCursor: string | null };
  read(id: string): Issue;
  change(id: string, changes: IssueChanges): Promise<Issue>;
  remove(id: string): Promise<void>;
  removeAll(which: { ids: string[] } | { all: true }): Promise<number>;
}
