import { coverageRoute } from '../coverage/route.ts';
import { sourcesRoute } from '../sources/route.ts';

/** Three ways in which nothing to see is not the same as nothing that happened. */
export function Incomplete() {
  return (
    <>
      <p>That nothing is shown does not mean that nothing happened. Three things can be missing:</p>
      <ul class="help-list">
        <li>
          <strong>It is no longer searchable here.</strong> Where the time you ask for begins before that, a banner
          names the sources and the day, and gives the SQL that asks the archive for the rest. The API says so as{' '}
          <code>incomplete</code>.
        </li>
        <li>
          <strong>It has not come yet, or was not collected.</strong> Vendors tell of events seconds to days late.{' '}
          <a href={sourcesRoute.href()}>Sources</a> shows up to when each is complete, and every gap with its reason.
        </li>
        <li>
          <strong>No source reports it.</strong> <a href={coverageRoute.href()}>Coverage</a> shows what no source can
          say.
        </li>
      </ul>
    </>
  );
}
