"""Rain signals: a service's levels, held against gauges and nowcasts."""
