package io.millrace.persistence;

/**
 * Where the databases' SQL differs.
 *
 * @param slickProfile the profile of Slick
 * @param payload the payload as bytes
 * @param prefix the beginning of the payload; its length is a parameter
 */
record Dialect(String slickProfile, String payload, String prefix) {

  /**
   * Bytes, because H2 copies each BLOB of a result into a table of temporary ones, where it stays
   * for a while and keeps deleted payloads alive. And a function of ours, because SUBSTRING would
   * read the whole.
   */
  static final Dialect H2 =
      new Dialect(
          "slick.jdbc.H2Profile$",
          "CAST(\"event_payload\" AS VARBINARY)",
          "\"millrace_prefix\"(\"event_payload\", ?)");

  /** PostgreSQL reads only the pieces of an uncompressed payload that a cut needs. */
  static final Dialect POSTGRESQL =
      new Dialect(
          "slick.jdbc.PostgresProfile$",
          "\"event_payload\"",
          "SUBSTRING(\"event_payload\" FROM 1 FOR ?)");
}
