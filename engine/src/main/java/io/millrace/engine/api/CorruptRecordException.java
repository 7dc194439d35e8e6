package io.millrace.engine.api;

/**
 * A stored record failed its checksum or is missing. Sending the request again does not help; a
 * reader can only go on behind it. To foreign clients it looks like an internal failure.
 */
public final class CorruptRecordException extends MillraceException {

  /**
   * The error of a place.
   *
   * @param shard the stream and the shard
   * @param position where in the shard
   * @param detail what is wrong there
   */
  public CorruptRecordException(String shard, String position, String detail) {
    super(
        "InternalFailureException",
        Outcome.REFUSED,
        "Corrupt record in shard %s at %s: %s".formatted(shard, position, detail),
        null);
  }
}
