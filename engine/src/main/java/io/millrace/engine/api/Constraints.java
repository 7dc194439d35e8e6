package io.millrace.engine.api;

import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The constraints of the API's types, under the names that the service description gives them. The
 * patterns are there for the message; names and numbers, which every put carries, are checked by
 * hand.
 */
public final class Constraints {

  static final Text STREAM_NAME = new Text(1, 128, "[a-zA-Z0-9_.-]+", Constraints::isName);
  static final Text STREAM_ARN = Text.matching(1, 2048, "arn:aws.*:kinesis:.*:\\d{12}:stream/\\S+");
  static final Text CONSUMER_NAME = new Text(1, 128, "[a-zA-Z0-9_.-]+", Constraints::isName);
  static final Text CONSUMER_ARN =
      Text.matching(
          1,
          2048,
          "^(arn):aws.*:kinesis:.*:\\d{12}:.*stream\\/[a-zA-Z0-9_.-]+"
              + "\\/consumer\\/[a-zA-Z0-9_.-]+:[0-9]+");
  static final Text SHARD_ID = new Text(1, 128, "[a-zA-Z0-9_.-]+", Constraints::isName);
  static final Text HASH_KEY =
      new Text(0, Integer.MAX_VALUE, "^(0|([1-9]\\d{0,38}))$", value -> isNumber(value, 39));
  static final Text SEQUENCE_NUMBER =
      new Text(0, Integer.MAX_VALUE, "^(0|([1-9]\\d{0,128}))$", value -> isNumber(value, 129));
  static final Text PARTITION_KEY = Text.sized(1, 256);
  static final Text SHARD_ITERATOR = Text.sized(1, 512);
  static final Text KEY_ID = Text.sized(1, 2048);
  static final Text NEXT_TOKEN = Text.sized(1, 1024 * 1024);

  static final Text RESOURCE_ARN =
      Text.matching(1, 2048, "arn:aws.*:kinesis:.*:\\d{12}:.*(stream|channel)/\\S+");
  static final Text CHANNEL_ARN =
      Text.matching(1, 2048, "arn:aws.*:kinesis:.*:\\d{12}:channel/\\S+");
  static final Text ROLE_ARN =
      Text.matching(1, 512, "arn:aws[-a-z0-9]*:iam::\\d{12}:role/[a-zA-Z_0-9+=,.@\\-_/]+");
  static final Text GSR_SCHEMA_ARN =
      Text.matching(
          1,
          512,
          "arn:aws[-a-z0-9]*:glue:[-a-z0-9]+:\\d{12}:schema/[-a-zA-Z0-9_$#.]+/[-a-zA-Z0-9_$#.]+");
  static final Text BUCKET_ARN = Text.matching(1, 2048, "arn:aws[-a-z0-9]*:s3:::[a-z0-9._-]{3,63}");
  static final Text BUCKET_OWNER = Text.matching(12, 12, "\\d{12}");
  static final Text OUTPUT_KEY_TEMPLATE = Text.matching(1, 1024, "[0-9A-Za-z!\\-_'.*()\\/=:{}]+");
  static final Text ERROR_OUTPUT_PREFIX = Text.matching(1, 512, "[0-9A-Za-z!\\-_'.*()\\/]+");
  static final Text TABLE_BUCKET_ARN =
      Text.matching(
          1, 2048, "arn:aws[-a-z0-9]*:s3tables:[-a-z0-9]+:\\d{12}:bucket/[a-z0-9_-]{3,63}");
  static final Text TABLE_NAME = Text.matching(1, 255, "[0-9a-z_]+");
  static final Text PARTITION_SOURCE_NAME = Text.matching(1, 255, "[a-zA-Z0-9\\.\\_]+");
  static final Text LOG_GROUP_NAME = Text.matching(1, 512, "[\\.\\-_/#A-Za-z0-9]+");
  static final Text LOG_STREAM_NAME = Text.matching(1, 512, "[^:*]*");

  static final Text TAG_KEY = Text.sized(1, 128);
  static final Text TAG_VALUE = Text.sized(0, 256);

  static final Range DATA_BYTES = new Range(0, 10 * 1024 * 1024);
  static final Range PUT_RECORDS_ENTRIES = new Range(1, 500);
  static final Range SHARD_LEVEL_METRICS = new Range(1, 7);
  static final Range PAGE = new Range(1, 10_000);
  static final Range TAGS = new Range(1, 200);
  static final Range TAG_KEYS = new Range(1, 50);
  static final Range TAGS_PAGE = new Range(1, 50);
  static final Range CHANNEL_LIST = new Range(1, 10_000);
  static final Range PARTITION_FIELDS = new Range(1, 10);
  static final Range AT_LEAST_ONE = new Range(1, Integer.MAX_VALUE);
  static final Range AT_LEAST_ZERO = new Range(0, Integer.MAX_VALUE);
  static final Range MAX_RECORD_SIZE_IN_KIB = new Range(1024, 10_240);

  private Constraints() {}

  /**
   * The constraint of a text.
   *
   * @param min its least length in characters (code points)
   * @param max its greatest length in characters (code points)
   * @param pattern the pattern of the service description; null for none
   * @param form whether a text matches that pattern
   */
  public record Text(int min, int max, String pattern, Predicate<String> form) {

    /** A text of so many characters, whatever they are. */
    public static Text sized(int min, int max) {
      return new Text(min, max, null, value -> true);
    }

    /**
     * A text of so many characters and of this form. A pattern that looks far ahead is not tried on
     * a text that is too long anyway.
     */
    public static Text matching(int min, int max, String pattern) {
      Pattern compiled = Pattern.compile(pattern);
      return new Text(
          min, max, pattern, value -> value.length() > max || compiled.matcher(value).matches());
    }

    boolean accepts(String value) {
      return !isTooShort(value) && !isTooLong(value) && form.test(value);
    }

    boolean isTooShort(String value) {
      return value.length() < min && length(value) < min;
    }

    boolean isTooLong(String value) {
      return value.length() > max && length(value) > max;
    }

    private static int length(String value) {
      return value.codePointCount(0, value.length());
    }
  }

  /**
   * The constraint of a number, or of how many.
   *
   * @param min the least, inclusive
   * @param max the greatest, inclusive
   */
  public record Range(int min, int max) {

    boolean accepts(int value) {
      return min <= value && value <= max;
    }
  }

  private static boolean isName(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean allowed =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '_'
              || c == '.'
              || c == '-';
      if (!allowed) {
        return false;
      }
    }
    return !value.isEmpty();
  }

  /** Decimal digits without a needless zero in front. */
  private static boolean isNumber(String value, int maxDigits) {
    int digits = value.length();
    if (digits == 0 || digits > maxDigits || (digits > 1 && value.charAt(0) == '0')) {
      return false;
    }
    for (int i = 0; i < digits; i++) {
      char c = value.charAt(i);
      if (c < '0' || c > '9') {
        return false;
      }
    }
    return true;
  }
}
