package io.millrace.persistence;

/**
 * Where the databases' SQL differs.
 *
 * @param slickProfile the profile of Slick
 * @param prefix selects the number and the payload, or its beginning, of the first event in a
 *     range. Parameters: length of the beginning, persistence id, from, to
 */
record Dialect(String slickProfile, String prefix) {

  private static final String FIRST_IN_RANGE =
      """
       FROM "event_journal"
      WHERE "persistence_id" = ? AND "sequence_number" BETWEEN ? AND ? AND "deleted" = FALSE
      ORDER BY "sequence_number" LIMIT 1""";

  /** H2 would read the whole payload to cut it; its stream reads what is asked of it. */
  static final Dialect H2 =
      new Dialect(
          "slick.jdbc.H2Profile$",
          "SELECT \"sequence_number\", \"event_payload\", CAST(? AS INTEGER)" + FIRST_IN_RANGE);

  /** PostgreSQL reads only the pieces of an uncompressed payload that a cut needs. */
  static final Dialect POSTGRESQL =
      new Dialect(
          "slick.jdbc.PostgresProfile$",
          "SELECT \"sequence_number\", SUBSTRING(\"event_payload\" FROM 1 FOR ?)" + FIRST_IN_RANGE);
}
