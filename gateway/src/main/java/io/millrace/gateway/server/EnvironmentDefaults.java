package io.millrace.gateway.server;

import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Options that are not given come from the environment: {@code --tls-key} from {@code
 * MILLRACE_TLS_KEY}.
 */
final class EnvironmentDefaults implements IDefaultValueProvider {

  private static final String PREFIX = "MILLRACE_";

  /** Names that similar servers have for the same thing. */
  private static final Map<String, String> ALIASES =
      Map.of("MILLRACE_CREATE", "INITIALIZE_STREAMS");

  private final Map<String, String> environment;

  EnvironmentDefaults(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public String defaultValue(ArgSpec argument) {
    if (!(argument instanceof OptionSpec option) || option.usageHelp() || option.versionHelp()) {
      return null;
    }
    String name =
        PREFIX + option.longestName().substring(2).replace('-', '_').toUpperCase(Locale.ROOT);
    String value = environment.get(name);
    String alias = ALIASES.get(name);
    return value == null && alias != null ? environment.get(alias) : value;
  }
}
