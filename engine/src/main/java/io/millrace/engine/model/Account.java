package io.millrace.engine.model;

import static java.util.Objects.requireNonNull;

import java.util.regex.Pattern;

/**
 * One account in one region: within it a stream name is unique. An engine holds the streams of one.
 *
 * @param partition the family of regions, {@code aws} by default
 * @param region for example {@code us-east-1}
 * @param id twelve digits
 */
public record Account(String partition, String region, String id) {

  private static final Pattern ID_FORM = Pattern.compile("\\d{12}");

  public Account {
    requireNonNull(partition, "partition");
    requireNonNull(region, "region");
    if (!ID_FORM.matcher(id).matches()) {
      throw new IllegalArgumentException("not an account id of twelve digits: " + id);
    }
  }

  /** The account of this id in a region of the partition {@code aws}. */
  public static Account of(String region, String id) {
    return new Account("aws", region, id);
  }

  /** The ARN of the stream that has this name here. */
  public StreamArn arn(StreamName streamName) {
    return new StreamArn(this, streamName);
  }
}
