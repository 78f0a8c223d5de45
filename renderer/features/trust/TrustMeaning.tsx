/** What trusting does and does not do, said before it is asked. */
export function TrustMeaning() {
  return (
    <section className="panel trust-meaning" aria-label="What trusting means">
      <p>
        These migrations are programs, not SQL. Nothing of them has been run: what they would send is known only by
        running them, so the SQL is shown after you trust them.
      </p>
      <ul className="bullets second">
        <li>You trust exactly this content, by its digest. A change of one byte, in an import too, asks again.</li>
        <li>It then runs in a process of its own, with no credentials: only the database session lent to it.</li>
        <li>
          What it yields is shown as SQL, and still needs a plan, the gate and your go-ahead to reach the database.
        </li>
      </ul>
    </section>
  );
}
