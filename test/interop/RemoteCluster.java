import java.time.Duration;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.connect.mirror.MirrorClient;
import org.apache.kafka.connect.mirror.RemoteClusterUtils;

/**
 * What Java's MirrorClient and RemoteClusterUtils tell of a cluster, one line each.
 * Arguments: bootstrap servers, upstream alias, consumer group.
 */
public class RemoteCluster {
  public static void main(String[] args) throws Exception {
    Map<String, Object> config = Map.of("bootstrap.servers", args[0]);
    String alias = args[1];
    try (MirrorClient client = new MirrorClient(Map.copyOf(config))) {
      System.out.println("heartbeatTopics " + new TreeSet<>(client.heartbeatTopics()));
      System.out.println("checkpointTopics " + new TreeSet<>(client.checkpointTopics()));
      System.out.println("upstreamClusters " + new TreeSet<>(client.upstreamClusters()));
      System.out.println("remoteTopics " + new TreeSet<>(client.remoteTopics()));
      System.out.println("hops " + client.replicationHops(alias));
    }
    System.out.println("offsets " + RemoteClusterUtils.translateOffsets(config, alias, args[2], Duration.ofSeconds(30)).entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue().offset() + "/" + entry.getValue().metadata())
        .collect(Collectors.toCollection(TreeSet::new)));
  }
}
