package io.millrace.engine.keys;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.model.KeyFailure;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * The master keys of one {@link KeyFile}. Immutable. As a document: {@code {"version": 1, "keys":
 * [{"id", "aliases": [], "state", "keyset": {}}]}}.
 */
record MasterKeys(List<MasterKey> keys) {

  static final MasterKeys NONE = new MasterKeys(List.of());

  private static final int VERSION = 1;
  private static final JsonMapper JSON = new JsonMapper();

  MasterKeys {
    keys = List.copyOf(keys);
  }

  Optional<MasterKey> withId(String id) {
    return only(key -> key.id().equals(id));
  }

  Optional<MasterKey> withAlias(String alias) {
    return only(key -> key.aliases().contains(alias));
  }

  private Optional<MasterKey> only(Predicate<MasterKey> wanted) {
    return keys.stream().filter(wanted).findFirst();
  }

  MasterKeys with(MasterKey fresh) {
    List<MasterKey> more = new ArrayList<>(keys);
    more.add(fresh);
    return new MasterKeys(more);
  }

  MasterKeys without(String id) {
    return new MasterKeys(keys.stream().filter(key -> !key.id().equals(id)).toList());
  }

  MasterKeys changed(UnaryOperator<MasterKey> change) {
    return new MasterKeys(keys.stream().map(change).toList());
  }

  /** With its secrets in the clear. */
  String document() {
    ObjectNode document = JSON.createObjectNode();
    document.put("version", VERSION);
    ArrayNode list = document.putArray("keys");
    try {
      for (MasterKey key : keys) {
        ObjectNode node = list.addObject();
        node.put("id", key.id());
        ArrayNode aliases = node.putArray("aliases");
        key.aliases().forEach(aliases::add);
        node.put("state", key.state().name());
        node.set("keyset", JSON.readTree(key.secret()));
      }
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(document);
    } catch (JsonProcessingException | GeneralSecurityException impossible) {
      throw new IllegalStateException("a key set that cannot be written", impossible);
    }
  }

  /**
   * Reads a document.
   *
   * @param origin where it comes from, for people
   * @throws KeyStoreException INVALID_STATE when it is none; the cause is left out, since parsers
   *     quote what they read
   */
  static MasterKeys parse(String document, String origin) {
    try {
      JsonNode root = JSON.readTree(document);
      if (root == null || root.path("version").asInt() != VERSION) {
        throw unreadable(origin);
      }
      List<MasterKey> keys = new ArrayList<>();
      for (JsonNode node : root.path("keys")) {
        List<String> aliases = new ArrayList<>();
        node.path("aliases").forEach(alias -> aliases.add(alias.asText()));
        keys.add(
            new MasterKey(
                node.path("id").asText(),
                aliases,
                MasterKey.State.valueOf(node.path("state").asText()),
                MasterKey.keySet(node.path("keyset").toString())));
      }
      return new MasterKeys(keys);
    } catch (JsonProcessingException | GeneralSecurityException | IllegalArgumentException broken) {
      throw unreadable(origin);
    }
  }

  private static KeyStoreException unreadable(String origin) {
    return new KeyStoreException(
        KeyFailure.INVALID_STATE, origin + " holds no document of master keys");
  }
}
