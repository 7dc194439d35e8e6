package io.millrace.gateway.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.millrace.engine.access.AccessPrincipal;
import io.millrace.engine.access.PolicyDocument;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Access keys in a configuration. */
final class AccessKeys {

  private static final Pattern ACCOUNT = Pattern.compile("\\d{12}");
  private static final Pattern PRINCIPAL =
      Pattern.compile("arn:[a-z-]+:(?:iam|sts)::(\\d{12}):(?:root|[a-z-]+/\\S+)");
  private static final String ACCOUNT_OF_THE_ENGINE = "millrace.account.id";

  private AccessKeys() {}

  static List<AccessKey> of(Config config) {
    String account =
        config.hasPath(ACCOUNT_OF_THE_ENGINE)
            ? config.getString(ACCOUNT_OF_THE_ENGINE)
            : AccessKey.DEFAULT_ACCOUNT;
    return config.getConfigList("millrace.gateway.access-keys").stream()
        .map(key -> accessKey(key, account))
        .toList();
  }

  private static AccessKey accessKey(Config key, String defaultAccount) {
    String id = key.getString("id");
    return new AccessKey(
        id,
        key.getString("secret"),
        optional(key, "session-token"),
        principal(id, key, defaultAccount),
        key.hasPath("policies")
            ? key.getList("policies").stream().map(AccessKeys::policy).toList()
            : List.of(PolicyDocument.FULL_ACCESS));
  }

  /** An ARN names its account itself. */
  private static AccessPrincipal principal(String id, Config key, String defaultAccount) {
    Optional<String> account = optional(key, "account");
    account.ifPresent(
        given ->
            require(
                ACCOUNT.matcher(given).matches(), "not an account id of twelve digits: " + given));
    Optional<String> arn = optional(key, "arn");
    if (arn.isEmpty()) {
      return AccessKey.user(account.orElse(defaultAccount), optional(key, "user").orElse(id));
    }
    Matcher principal = PRINCIPAL.matcher(arn.get());
    require(principal.matches(), "not the ARN of a user or a role: " + arn.get());
    String owner = principal.group(1);
    require(
        account.orElse(owner).equals(owner),
        "the access key %s is of account %s, and its arn of account %s"
            .formatted(id, account.orElse(owner), owner));
    return new AccessPrincipal(owner, arn.get());
  }

  private static void require(boolean isSo, String complaint) {
    if (!isSo) {
      throw new IllegalArgumentException(complaint);
    }
  }

  /** JSON in a text, or the same as HOCON. */
  private static PolicyDocument policy(ConfigValue policy) {
    return PolicyDocument.ofIdentity(
        policy.valueType() == ConfigValueType.STRING
            ? (String) policy.unwrapped()
            : policy.render(ConfigRenderOptions.concise()));
  }

  private static Optional<String> optional(Config config, String key) {
    return config.hasPath(key) ? Optional.of(config.getString(key)) : Optional.empty();
  }
}
