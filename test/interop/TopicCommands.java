import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Topics, their configs, offsets and leaders. */
public class TopicCommands {
  private static final long SETTLE_MS = 30_000;

  static void register(Map<String, Bridge.Command> commands) {
    commands.put("createTopic", TopicCommands::createTopic);
    commands.put("deleteTopic", TopicCommands::deleteTopic);
    commands.put("createPartitions", TopicCommands::createPartitions);
    commands.put("listTopics", TopicCommands::listTopics);
    commands.put("describeTopic", TopicCommands::describeTopic);
    commands.put("alterConfig", TopicCommands::alterConfig);
    commands.put("describeConfig", TopicCommands::describeConfig);
    commands.put("deleteRecords", TopicCommands::deleteRecords);
    commands.put("offsets", TopicCommands::offsets);
    commands.put("logSizes", TopicCommands::logSizes);
    commands.put("moveLeader", TopicCommands::moveLeader);
    commands.put("describeCluster", TopicCommands::describeCluster);
  }

  /** Brokers learn of a topic one after the other, and a client asks any of them: so often must the answer be right. */
  private static final int ASKS_OF_SEVERAL = 6;

  private static JsonNode createTopic(Request request) throws Exception {
    String name = request.text("topic");
    int partitions = request.number("partitions", 1);
    Optional<Short> replicas = request.body.hasNonNull("replicationFactor")
        ? Optional.of((short) request.number("replicationFactor", 1)) : Optional.empty();
    NewTopic topic = new NewTopic(name, Optional.of(partitions), replicas).configs(Request.strings(request.body.path("config")));
    request.admin().createTopics(List.of(topic)).all().get();
    int asks = request.admin().describeCluster().nodes().get().size() == 1 ? 1 : ASKS_OF_SEVERAL;
    int[] inARow = {0};
    waitFor("leaders of " + name, () -> {
      int before = inARow[0];
      inARow[0] = 0;
      List<TopicPartitionInfo> known = describe(request.admin(), name).partitions();
      if (known.size() != partitions || !known.stream().allMatch(p -> p.leader() != null && !p.leader().isEmpty())) return false;
      inARow[0] = before + 1;
      return inARow[0] == asks;
    });
    return describeTopic(request);
  }

  private static JsonNode deleteTopic(Request request) throws Exception {
    String name = request.text("topic");
    request.admin().deleteTopics(List.of(name)).all().get();
    waitFor("deletion of " + name, () -> !request.admin().listTopics().names().get().contains(name));
    return null;
  }

  private static JsonNode createPartitions(Request request) throws Exception {
    String name = request.text("topic");
    int partitions = request.number("partitions", 1);
    request.admin().createPartitions(Map.of(name, NewPartitions.increaseTo(partitions))).all().get();
    waitFor("partitions of " + name, () -> describe(request.admin(), name).partitions().size() == partitions);
    return null;
  }

  private static JsonNode listTopics(Request request) throws Exception {
    ArrayNode names = Bridge.JSON.createArrayNode();
    ListTopicsOptions options = new ListTopicsOptions().listInternal(request.flag("internal", false));
    request.admin().listTopics(options).names().get().stream().sorted().forEach(names::add);
    return names;
  }

  private static JsonNode describeTopic(Request request) throws Exception {
    TopicDescription description = describe(request.admin(), request.text("topic"));
    ObjectNode result = Bridge.JSON.createObjectNode();
    result.put("name", description.name()).put("topicId", description.topicId().toString()).put("internal", description.isInternal());
    ArrayNode partitions = result.putArray("partitions");
    for (TopicPartitionInfo info : description.partitions()) {
      ObjectNode partition = partitions.addObject().put("partition", info.partition());
      partition.put("leader", info.leader() == null ? -1 : info.leader().id());
      ids(partition.putArray("replicas"), info.replicas());
      ids(partition.putArray("isr"), info.isr());
    }
    return result;
  }

  private static JsonNode alterConfig(Request request) throws Exception {
    List<AlterConfigOp> operations = new ArrayList<>();
    Request.strings(request.body.path("set"))
        .forEach((key, value) -> operations.add(new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET)));
    for (JsonNode key : request.body.path("delete")) {
      operations.add(new AlterConfigOp(new ConfigEntry(key.asText(), null), AlterConfigOp.OpType.DELETE));
    }
    request.admin().incrementalAlterConfigs(Map.of(resource(request), operations)).all().get();
    return null;
  }

  private static JsonNode describeConfig(Request request) throws Exception {
    ConfigResource resource = resource(request);
    ObjectNode result = Bridge.JSON.createObjectNode();
    for (ConfigEntry entry : request.admin().describeConfigs(List.of(resource)).all().get().get(resource).entries()) {
      result.putObject(entry.name()).put("value", entry.value()).put("source", entry.source().name());
    }
    return result;
  }

  /** Everything before the given offset goes; -1 means up to the high watermark. */
  private static JsonNode deleteRecords(Request request) throws Exception {
    TopicPartition partition = request.partition();
    RecordsToDelete before = RecordsToDelete.beforeOffset(request.number("beforeOffset", -1L));
    long low = request.admin().deleteRecords(Map.of(partition, before)).lowWatermarks().get(partition).get().lowWatermark();
    return Bridge.JSON.getNodeFactory().numberNode(low);
  }

  /** Earliest and latest offset of every partition; with isolation read_committed: up to the first open transaction. */
  private static JsonNode offsets(Request request) throws Exception {
    String topic = request.text("topic");
    Map<TopicPartition, OffsetSpec> earliest = new HashMap<>();
    Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
    for (TopicPartitionInfo info : describe(request.admin(), topic).partitions()) {
      earliest.put(new TopicPartition(topic, info.partition()), OffsetSpec.earliest());
      latest.put(new TopicPartition(topic, info.partition()), OffsetSpec.latest());
    }
    var begin = request.admin().listOffsets(earliest).all().get();
    IsolationLevel isolation = IsolationLevel.valueOf(request.text("isolation", "read_uncommitted").toUpperCase(Locale.ROOT));
    var end = request.admin().listOffsets(latest, new ListOffsetsOptions(isolation)).all().get();
    ArrayNode result = Bridge.JSON.createArrayNode();
    for (int p = 0; p < earliest.size(); p++) {
      TopicPartition partition = new TopicPartition(topic, p);
      result.addObject().put("partition", p).put("earliest", begin.get(partition).offset()).put("latest", end.get(partition).offset());
    }
    return result;
  }

  /** Bytes of the log of every partition, as the first broker that has it tells. */
  private static JsonNode logSizes(Request request) throws Exception {
    Admin admin = request.admin();
    String topic = request.text("topic");
    Map<Integer, Long> sizes = new HashMap<>();
    List<Integer> brokers = admin.describeCluster().nodes().get().stream().map(Node::id).sorted().toList();
    var folders = admin.describeLogDirs(brokers).allDescriptions().get();
    for (int broker : brokers) {
      for (LogDirDescription folder : folders.get(broker).values()) {
        folder.replicaInfos().forEach((partition, info) -> {
          if (partition.topic().equals(topic)) sizes.putIfAbsent(partition.partition(), info.size());
        });
      }
    }
    ArrayNode result = Bridge.JSON.createArrayNode();
    for (int p = 0; p < sizes.size(); p++) result.add(sizes.get(p));
    return result;
  }

  /** Makes the given broker, a replica or not, the leader. */
  private static JsonNode moveLeader(Request request) throws Exception {
    Admin admin = request.admin();
    TopicPartition partition = request.partition();
    int broker = request.number("broker", -1);
    TopicPartitionInfo now = describe(admin, partition.topic()).partitions().get(partition.partition());
    Set<Integer> order = new LinkedHashSet<>(List.of(broker));
    now.replicas().forEach(node -> order.add(node.id()));
    List<Integer> replicas = new ArrayList<>(order).subList(0, now.replicas().size());
    admin.alterPartitionReassignments(Map.of(partition, Optional.of(new NewPartitionReassignment(replicas)))).all().get();
    waitFor("reassignment of " + partition, () -> admin.listPartitionReassignments(Set.of(partition)).reassignments().get().isEmpty());
    if (leader(admin, partition) != broker) admin.electLeaders(ElectionType.PREFERRED, Set.of(partition)).all().get();
    waitFor("leader of " + partition, () -> leader(admin, partition) == broker);
    return null;
  }

  private static JsonNode describeCluster(Request request) throws Exception {
    ObjectNode result = Bridge.JSON.createObjectNode();
    var cluster = request.admin().describeCluster();
    result.put("clusterId", cluster.clusterId().get());
    ids(result.putArray("brokers"), cluster.nodes().get());
    return result;
  }

  private static ConfigResource resource(Request request) {
    return request.body.hasNonNull("topic")
        ? new ConfigResource(ConfigResource.Type.TOPIC, request.text("topic"))
        : new ConfigResource(ConfigResource.Type.BROKER, request.text("broker", ""));
  }

  private static int leader(Admin admin, TopicPartition partition) throws Exception {
    Node leader = describe(admin, partition.topic()).partitions().get(partition.partition()).leader();
    return leader == null ? -1 : leader.id();
  }

  private static TopicDescription describe(Admin admin, String topic) throws Exception {
    return admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
  }

  private static void ids(ArrayNode array, Collection<Node> nodes) {
    for (Node node : nodes) array.add(node.id());
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  /** Brokers learn of a change a little after the controller has said yes. */
  private static void waitFor(String what, Condition condition) throws Exception {
    long deadline = System.currentTimeMillis() + SETTLE_MS;
    while (true) {
      try {
        if (condition.holds()) return;
      } catch (Exception e) {
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) throw e;
      }
      if (System.currentTimeMillis() > deadline) throw new IllegalStateException("Not within " + SETTLE_MS + " ms: " + what);
      Thread.sleep(10);
    }
  }
}
