package io.millrace.gateway.server;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValueFactory;
import io.millrace.engine.api.MillraceException;
import io.millrace.engine.storage.StorageException;
import io.millrace.gateway.settings.AuthMode;
import io.millrace.gateway.settings.PlainText;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Starts a server that runs until its process is told to end. */
@Command(
    name = "server",
    mixinStandardHelpOptions = true,
    addMethodSubcommands = false,
    sortOptions = false,
    description = "Starts a server. Its streams are kept in a directory.",
    footer = {
      "",
      "Each option may come from the environment instead: --tls-key from MILLRACE_TLS_KEY, and",
      "--create from INITIALIZE_STREAMS too. Options come before the environment, and both before",
      "the file of --config, which may hold every setting of the gateway, the engine and the",
      "storage.",
      "",
      "When the server is ready, it prints one line: listening on http://127.0.0.1:4567",
      "Clients: AWS_ENDPOINT_URL_KINESIS=http://127.0.0.1:4567, any region, any credentials."
    })
final class ServerCommand implements Callable<Integer> {

  /** The exit code of a start that succeeded, which is not the end of the process. */
  static final int KEEPS_RUNNING = -1;

  /** How the line begins that says that the server is ready, and ends with its endpoint. */
  static final String LISTENING = "listening on ";

  private static final String DEFAULT_DATA = "millrace-data";

  /** Beside what the modules have as theirs; the program ends the actor system itself. */
  private static final Map<String, Object> DEFAULTS =
      Map.of("millrace.storage.directory", DEFAULT_DATA, "pekko.jvm-shutdown-hooks", "off");

  /** The page of metrics names streams, to whoever reaches it. */
  private static final Map<String, Object> LOCAL_DEFAULTS =
      Map.of("millrace.gateway.metrics", "on");

  @Spec private CommandSpec spec;

  @Option(names = "--port", paramLabel = "PORT", description = "Default: 4567; 0 takes a free one.")
  private Integer port;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      description = "Where to listen. Default: 127.0.0.1, for clients on this machine only.")
  private String host;

  @Option(
      names = "--data",
      paramLabel = "DIRECTORY",
      description = "Where the streams are kept. Default: " + DEFAULT_DATA)
  private Path data;

  @Option(
      names = "--channels-dir",
      paramLabel = "DIRECTORY",
      description = "Where channels deliver to. Default: channels in the data directory.")
  private Path channels;

  @Option(
      names = "--create",
      paramLabel = "NAME:SHARDS,...",
      description = "Streams to create if they are not there; without a number, on demand.")
  private String create;

  @Option(
      names = "--limits",
      paramLabel = "kinesis|off",
      description = "Whether the rates of Kinesis are enforced. Default: kinesis")
  private Limits limits;

  @Option(
      names = "--auth",
      paramLabel = "off|lenient|strict",
      description = "What is asked of signatures. Default: off, for loopback addresses only.")
  private AuthMode auth;

  @Option(
      names = "--access-keys",
      paramLabel = "ID:SECRET,...",
      description = "The keys that --auth strict knows; better in MILLRACE_ACCESS_KEYS.")
  private String accessKeys;

  @Option(
      names = "--audit-log",
      paramLabel = "FILE",
      description = "A file that gets a line for each call. Default: none.")
  private Path auditLog;

  @Option(
      names = "--audit-data",
      arity = "1",
      paramLabel = "true|false",
      description = "Whether puts and reads get a line too. Default: false")
  private Boolean auditData;

  @Option(names = "--region", paramLabel = "REGION", description = "In ARNs. Default: us-east-1")
  private String region;

  @Option(
      names = "--tls-certificate",
      paramLabel = "FILE",
      description = "A certificate in PEM. Default: a self-signed one in the data directory.")
  private Path tlsCertificate;

  @Option(
      names = "--plain",
      paramLabel = "allow|refuse",
      description =
          "Whether clients may speak without TLS. Default: allow on loopback addresses, else"
              + " refuse.")
  private PlainText plain;

  @Option(names = "--tls-key", paramLabel = "FILE", description = "Its private key in PEM.")
  private Path tlsKey;

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      description = "Master keys for encryption at rest; the command keys creates it.")
  private Path keyFile;

  @Option(names = "--config", paramLabel = "FILE", description = "A file of settings (HOCON).")
  private Path configFile;

  private enum Limits {
    KINESIS,
    OFF
  }

  @Override
  public Integer call() {
    PrintWriter errors = spec.commandLine().getErr();
    try {
      Server server = Server.start(settings(), streams());
      Runtime.getRuntime().addShutdownHook(new Thread(() -> end(server), "millrace-shutdown"));
      PrintWriter out = spec.commandLine().getOut();
      out.println(LISTENING + server.endpoint());
      out.flush();
      return KEEPS_RUNNING;
    } catch (ConfigException
        | StorageException
        | MillraceException
        | UncheckedIOException
        | IllegalArgumentException refused) {
      errors.println("millrace: " + refused.getMessage());
      errors.flush();
      return 1;
    }
  }

  /** A server that was told to end and did has not failed. */
  private static void end(Server server) {
    int exitCode = 1;
    try {
      server.close();
      exitCode = 0;
    } finally {
      Runtime.getRuntime().halt(exitCode);
    }
  }

  private List<NewStream> streams() {
    try {
      return create == null ? List.of() : NewStream.parse(create);
    } catch (IllegalArgumentException notOfThisForm) {
      throw new ParameterException(spec.commandLine(), "--create is " + notOfThisForm.getMessage());
    }
  }

  /** The options before the file, the file before the defaults. */
  Config settings() {
    Map<String, Object> given = new HashMap<>();
    put(given, "millrace.gateway.port", port);
    put(given, "millrace.gateway.host", host);
    put(given, "millrace.gateway.plain", plain);
    put(given, "millrace.gateway.auth", auth);
    put(given, "millrace.gateway.tls.certificate", tlsCertificate);
    put(given, "millrace.gateway.tls.key", tlsKey);
    put(given, "millrace.encryption.key-store.file", keyFile);
    put(given, "millrace.gateway.audit.file", auditLog);
    put(given, "millrace.gateway.audit.data-plane", auditData);
    put(given, "millrace.account.region", region);
    put(given, "millrace.limits.mode", limits);
    put(given, "millrace.storage.directory", data);
    put(given, "millrace.channels.directory", channels);
    if (accessKeys != null) {
      given.put("millrace.gateway.access-keys", keys());
    }
    Config file =
        configFile == null
            ? ConfigFactory.empty()
            : ConfigFactory.parseFile(
                configFile.toFile(), ConfigParseOptions.defaults().setAllowMissing(false));
    Config chosen =
        ConfigFactory.parseMap(given)
            .withFallback(file)
            .withFallback(ConfigFactory.parseMap(DEFAULTS))
            .withFallback(ConfigFactory.defaultApplication());
    Config settings = ConfigFactory.load(chosen);
    return isForThisMachine(settings.getString("millrace.gateway.host"))
        ? ConfigFactory.load(chosen.withFallback(ConfigFactory.parseMap(LOCAL_DEFAULTS)))
        : settings;
  }

  private static boolean isForThisMachine(String host) {
    InetSocketAddress address = new InetSocketAddress(host, 0);
    return !address.isUnresolved() && address.getAddress().isLoopbackAddress();
  }

  private static void put(Map<String, Object> settings, String key, Object value) {
    if (value != null) {
      String text = value.toString();
      settings.put(key, value instanceof Enum<?> ? text.toLowerCase(Locale.ROOT) : text);
    }
  }

  private Object keys() {
    return ConfigValueFactory.fromIterable(
        Arrays.stream(accessKeys.split(",", -1)).map(this::key).toList());
  }

  private Map<String, String> key(String text) {
    int colon = text.indexOf(':');
    if (colon <= 0 || text.substring(colon + 1).isBlank()) {
      throw new ParameterException(
          spec.commandLine(), "--access-keys is not of the form ID:SECRET");
    }
    return Map.of("id", text.substring(0, colon), "secret", text.substring(colon + 1));
  }
}
