package io.millrace.engine.access;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The condition keys whose values are known here, all in lower case. */
public final class ConditionKeys {

  public static final String CURRENT_TIME = "aws:currenttime";
  public static final String EPOCH_TIME = "aws:epochtime";
  public static final String PRINCIPAL_ACCOUNT = "aws:principalaccount";
  public static final String PRINCIPAL_ARN = "aws:principalarn";
  public static final String REQUESTED_REGION = "aws:requestedregion";
  public static final String RESOURCE_ACCOUNT = "aws:resourceaccount";
  public static final String SECURE_TRANSPORT = "aws:securetransport";
  public static final String SOURCE_IP = "aws:sourceip";
  public static final String TAG_KEYS = "aws:tagkeys";
  public static final String USER_AGENT = "aws:useragent";
  public static final String USER_NAME = "aws:username";

  private static final Set<String> KNOWN =
      Set.of(
          CURRENT_TIME,
          EPOCH_TIME,
          PRINCIPAL_ACCOUNT,
          PRINCIPAL_ARN,
          REQUESTED_REGION,
          RESOURCE_ACCOUNT,
          SECURE_TRANSPORT,
          SOURCE_IP,
          TAG_KEYS,
          USER_AGENT,
          USER_NAME);

  private static final String RESOURCE_TAG = "aws:resourcetag/";
  private static final String REQUEST_TAG = "aws:requesttag/";

  private ConditionKeys() {}

  /** The key of a tag that the resource has. */
  public static String resourceTag(String tagKey) {
    return RESOURCE_TAG + tagKey.toLowerCase(Locale.ROOT);
  }

  /** The key of a tag that the request would give. */
  public static String requestTag(String tagKey) {
    return REQUEST_TAG + tagKey.toLowerCase(Locale.ROOT);
  }

  static boolean isKnown(String key) {
    return KNOWN.contains(key)
        || List.of(RESOURCE_TAG, REQUEST_TAG).stream()
            .anyMatch(prefix -> key.startsWith(prefix) && key.length() > prefix.length());
  }
}
