package io.millrace.gateway.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.millrace.engine.access.AccessPrincipal;
import io.millrace.engine.access.PolicyDocument;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Access keys in a configuration. */
final class AccessKeys {

  private static final Pattern ACCOUNT = Pattern.compile("\\d{12}");
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
    String account = optional(key, "account").orElse(defaultAccount);
    if (!ACCOUNT.matcher(account).matches()) {
      throw new IllegalArgumentException("not an account id of twelve digits: " + account);
    }
    return new AccessKey(
        id,
        key.getString("secret"),
        optional(key, "session-token"),
        optional(key, "arn")
            .map(arn -> new AccessPrincipal(account, arn))
            .orElseGet(() -> AccessKey.user(account, optional(key, "user").orElse(id))),
        key.hasPath("policies")
            ? key.getList("policies").stream().map(AccessKeys::policy).toList()
            : List.of(PolicyDocument.FULL_ACCESS));
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
