package io.millrace.engine.model;

import java.util.regex.Pattern;

/**
 * The name of a master key, in one of the five forms of the API: a bare key id such as {@code
 * 12345678-1234-1234-1234-123456789012}, the ARN of a key, an alias such as {@code
 * alias/aws/kinesis}, or the ARN of an alias.
 *
 * @param value the name as it was given
 */
public record KeyId(String value) {

  private static final int MAX_LENGTH = 2048;
  private static final String ALIAS = "alias/";
  private static final Pattern FORM =
      Pattern.compile(
          "(arn:[a-z0-9-]+:kms:[a-z0-9-]+:\\d{12}:(key/[A-Za-z0-9-]+|alias/[A-Za-z0-9/_-]+))"
              + "|alias/[A-Za-z0-9/_-]+"
              + "|[A-Za-z0-9-]+");

  /** The key that there is without any doing of the user's. */
  public static final KeyId DEFAULT = new KeyId("alias/aws/kinesis");

  public KeyId {
    if (value.length() > MAX_LENGTH || !FORM.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "%s is neither a key id nor an alias nor the ARN of one".formatted(value));
    }
  }

  /** The key of this bare id. */
  public static KeyId ofKey(Account account, String id) {
    return new KeyId(scope(account) + "key/" + id);
  }

  /** The same name as an ARN: bare ids and aliases belong to this account. */
  public String arn(Account account) {
    if (value.startsWith("arn:")) {
      return value;
    }
    return scope(account) + (value.startsWith(ALIAS) ? value : "key/" + value);
  }

  /**
   * Whether both are names of one key as far as names can tell: an alias and the key behind it are
   * not.
   */
  public boolean names(KeyId other, Account account) {
    return arn(account).equals(other.arn(account));
  }

  private static String scope(Account account) {
    return "arn:%s:kms:%s:%s:".formatted(account.partition(), account.region(), account.id());
  }

  @Override
  public String toString() {
    return value;
  }
}
