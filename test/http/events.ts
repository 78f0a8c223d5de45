/** Server-sent events as any reader of them takes them. */

interface Seen {
  readonly id: string;
  readonly data: { readonly type: string; readonly seq: number; readonly outcome?: string };
}

/** Events until `enough` says so, then the reader leaves; without it until the server ends them. */
export async function readEvents(response: Response, enough: (event: Seen) => boolean = () => false): Promise<Seen[]> {
  const seen: Seen[] = [];
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = new Map(block.split('\n').map((line) => line.split(/: ?(.*)/s) as [string, string]));
      const data = fields.get('data');
      if (data === undefined) continue;
      const event: Seen = { id: fields.get('id') ?? '', data: JSON.parse(data) as Seen['data'] };
      seen.push(event);
      if (enough(event)) return seen;
    }
  }
  return seen;
}
