/** `/v1/searches/{id}` */
export function searchPath({ id }: { readonly id: string }): string {
  return `/v1/searches/${encodeURIComponent(id)}`;
}
