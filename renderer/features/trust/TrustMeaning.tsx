import { trustTexts as texts } from './texts.ts';

/** What trusting does and does not do, said before it is asked. */
export function TrustMeaning() {
  return (
    <section className="panel trust-meaning" aria-label={texts.whatTrustingMeans}>
      <p>{texts.theseMigrationsAreProgramsNot}</p>
      <ul className="bullets second">
        <li>{texts.youTrustExactlyThisContent}</li>
        <li>{texts.itThenRunsInA}</li>
        <li>{texts.whatItYieldsIsShown}</li>
      </ul>
    </section>
  );
}
