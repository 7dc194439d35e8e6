package io.millrace.engine.model;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a shard within its stream: an index counted from 0 and never reused, written {@code
 * shardId-%012d}.
 *
 * @param index the index, 0 or more
 */
public record ShardId(int index) implements Comparable<ShardId> {

  private static final String FIRST = "shardId-000000000000";
  private static final Pattern FORM = Pattern.compile("shardId-(\\d{1,18})");

  public ShardId {
    if (index < 0) {
      throw new IllegalArgumentException("negative shard index: " + index);
    }
  }

  /**
   * Reads a shard id. Ids are taken by their numeric value: {@code shardId-0} is {@code
   * shardId-000000000000}.
   *
   * @throws IllegalArgumentException when the text is not of this form, or its number is larger
   *     than any shard's
   */
  public static ShardId parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (matcher.matches()) {
      long index = Long.parseLong(matcher.group(1));
      if (index <= Integer.MAX_VALUE) {
        return new ShardId((int) index);
      }
    }
    throw new IllegalArgumentException("not a shard id: " + text);
  }

  @Override
  public int compareTo(ShardId other) {
    return Integer.compare(index, other.index);
  }

  /** The issued form, {@code shardId-} and twelve digits. */
  @Override
  public String toString() {
    String digits = Integer.toString(index);
    return FIRST.substring(0, FIRST.length() - digits.length()) + digits;
  }
}
