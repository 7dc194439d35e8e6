package io.millrace.engine.access;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.BiPredicate;

/** The condition operators of AWS IAM. */
enum ConditionOperator {
  STRING_EQUALS("StringEquals", false, String::equals),
  STRING_NOT_EQUALS("StringNotEquals", true, String::equals),
  STRING_EQUALS_IGNORE_CASE("StringEqualsIgnoreCase", false, String::equalsIgnoreCase),
  STRING_NOT_EQUALS_IGNORE_CASE("StringNotEqualsIgnoreCase", true, String::equalsIgnoreCase),
  STRING_LIKE("StringLike", false, ConditionOperator::isLike),
  STRING_NOT_LIKE("StringNotLike", true, ConditionOperator::isLike),
  NUMERIC_EQUALS("NumericEquals", false, (a, b) -> number(a).compareTo(number(b)) == 0),
  NUMERIC_NOT_EQUALS("NumericNotEquals", true, (a, b) -> number(a).compareTo(number(b)) == 0),
  NUMERIC_LESS_THAN("NumericLessThan", false, (a, b) -> number(a).compareTo(number(b)) < 0),
  NUMERIC_LESS_THAN_EQUALS(
      "NumericLessThanEquals", false, (a, b) -> number(a).compareTo(number(b)) <= 0),
  NUMERIC_GREATER_THAN("NumericGreaterThan", false, (a, b) -> number(a).compareTo(number(b)) > 0),
  NUMERIC_GREATER_THAN_EQUALS(
      "NumericGreaterThanEquals", false, (a, b) -> number(a).compareTo(number(b)) >= 0),
  DATE_EQUALS("DateEquals", false, (a, b) -> date(a).equals(date(b))),
  DATE_NOT_EQUALS("DateNotEquals", true, (a, b) -> date(a).equals(date(b))),
  DATE_LESS_THAN("DateLessThan", false, (a, b) -> date(a).isBefore(date(b))),
  DATE_LESS_THAN_EQUALS("DateLessThanEquals", false, (a, b) -> !date(a).isAfter(date(b))),
  DATE_GREATER_THAN("DateGreaterThan", false, (a, b) -> date(a).isAfter(date(b))),
  DATE_GREATER_THAN_EQUALS("DateGreaterThanEquals", false, (a, b) -> !date(a).isBefore(date(b))),
  BOOL("Bool", false, (a, b) -> bool(a) == bool(b)),
  IP_ADDRESS("IpAddress", false, (a, b) -> AddressBlock.parse(b).contains(a)),
  NOT_IP_ADDRESS("NotIpAddress", true, (a, b) -> AddressBlock.parse(b).contains(a)),
  ARN_EQUALS("ArnEquals", false, ConditionOperator::isArnLike),
  ARN_LIKE("ArnLike", false, ConditionOperator::isArnLike),
  ARN_NOT_EQUALS("ArnNotEquals", true, ConditionOperator::isArnLike),
  ARN_NOT_LIKE("ArnNotLike", true, ConditionOperator::isArnLike),
  /** Whether the key is absent; compares nothing. */
  NULL("Null", false, (a, b) -> bool(a) == bool(b));

  private static final int ARN_PARTS = 6;

  private final String text;
  private final boolean isNegated;

  @SuppressWarnings("ImmutableEnumChecker") // functions without state
  private final BiPredicate<String, String> comparison;

  ConditionOperator(String text, boolean isNegated, BiPredicate<String, String> comparison) {
    this.text = text;
    this.isNegated = isNegated;
    this.comparison = comparison;
  }

  static Optional<ConditionOperator> named(String text) {
    return Arrays.stream(values()).filter(operator -> operator.text.equals(text)).findFirst();
  }

  /** Whether it holds when the value matches none of the wanted ones. */
  boolean isNegated() {
    return isNegated;
  }

  /**
   * Whether a value matches a wanted one, without the negation.
   *
   * @throws IllegalArgumentException when one of them is not what this operator compares
   */
  boolean matches(String actual, String wanted) {
    return comparison.test(actual, wanted);
  }

  /** Whether a value can be wanted. */
  boolean takes(String wanted) {
    try {
      switch (this) {
        case NUMERIC_EQUALS,
            NUMERIC_NOT_EQUALS,
            NUMERIC_LESS_THAN,
            NUMERIC_LESS_THAN_EQUALS,
            NUMERIC_GREATER_THAN,
            NUMERIC_GREATER_THAN_EQUALS ->
            number(wanted);
        case DATE_EQUALS,
            DATE_NOT_EQUALS,
            DATE_LESS_THAN,
            DATE_LESS_THAN_EQUALS,
            DATE_GREATER_THAN,
            DATE_GREATER_THAN_EQUALS ->
            date(wanted);
        case BOOL, NULL -> bool(wanted);
        case IP_ADDRESS, NOT_IP_ADDRESS -> AddressBlock.parse(wanted);
        case ARN_EQUALS, ARN_LIKE, ARN_NOT_EQUALS, ARN_NOT_LIKE -> arn(wanted);
        default -> {}
      }
      return true;
    } catch (IllegalArgumentException wrong) {
      return false;
    }
  }

  private static boolean isLike(String actual, String wanted) {
    return Glob.matches(wanted, actual);
  }

  /** Part by part, so that a star does not reach over a colon in front. */
  private static boolean isArnLike(String actual, String wanted) {
    String[] parts = arn(actual);
    String[] patterns = arn(wanted);
    for (int i = 0; i < ARN_PARTS; i++) {
      if (!Glob.matches(patterns[i], parts[i])) {
        return false;
      }
    }
    return true;
  }

  private static String[] arn(String text) {
    String[] parts = text.split(":", ARN_PARTS);
    if (parts.length != ARN_PARTS || !parts[0].equals("arn")) {
      throw new IllegalArgumentException("not an ARN: " + text);
    }
    return parts;
  }

  private static BigDecimal number(String text) {
    return new BigDecimal(text);
  }

  private static boolean bool(String text) {
    if (!text.equals("true") && !text.equals("false")) {
      throw new IllegalArgumentException("neither true nor false: " + text);
    }
    return text.equals("true");
  }

  /** ISO 8601, a day alone meaning its begin in UTC, or epoch seconds. */
  private static Instant date(String text) {
    try {
      if (text.matches("-?\\d{1,12}")) {
        return Instant.ofEpochSecond(Long.parseLong(text));
      }
      return text.contains("T")
          ? OffsetDateTime.parse(text).toInstant()
          : LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
    } catch (DateTimeException wrong) {
      throw new IllegalArgumentException("not a date: " + text, wrong);
    }
  }
}
