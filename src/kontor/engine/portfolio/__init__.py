"""Which proposals under which money: ranking, best total value, pots shared by regions, reserve list."""
