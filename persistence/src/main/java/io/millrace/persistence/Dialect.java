package io.millrace.persistence;

import io.millrace.persistence.internal.DirectJournalDao;
import io.millrace.persistence.internal.H2JournalDao;

/**
 * Where the databases' SQL differs.
 *
 * @param slickProfile the profile of Slick
 * @param journalDao the class through which the journal uses the database
 * @param payload the payload as bytes
 * @param prefix the beginning of the payload; its length is a parameter
 */
record Dialect(String slickProfile, String journalDao, String payload, String prefix) {

  /**
   * Bytes, because H2 copies each BLOB of a result into a table of temporary ones, where it stays
   * for a while and keeps deleted payloads alive. And functions of ours, because SUBSTRING would
   * read the whole, and CAST would read it into an array that grows.
   */
  static final Dialect H2 =
      new Dialect(
          "slick.jdbc.H2Profile$",
          H2JournalDao.class.getName(),
          "\"millrace_whole\"(\"event_payload\", CAST(OCTET_LENGTH(\"event_payload\") AS INT))",
          "\"millrace_prefix\"(\"event_payload\", ?)");

  /** PostgreSQL reads only the pieces of an uncompressed payload that a cut needs. */
  static final Dialect POSTGRESQL =
      new Dialect(
          "slick.jdbc.PostgresProfile$",
          DirectJournalDao.class.getName(),
          "\"event_payload\"",
          "SUBSTRING(\"event_payload\" FROM 1 FOR ?)");
}
