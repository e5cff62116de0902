/** What the sessions of these tests hold. */
export interface Visitor {
  user: { id: number; name: string };
  visits: number;
  theme?: 'dark' | 'light';
}
