from .bundle import bundle_path as bundle_path, bundle_text as bundle_text
from .cockpit import cockpit_asset as cockpit_asset, cockpit_page as cockpit_page, sign_in_page as sign_in_page
from .maps import base_layers as base_layers, map_deck as map_deck, map_json as map_json
from .pack import pack as pack, unpack as unpack
from .plan_review import review_page as review_page
from .quality import render_quality as render_quality
from .report import write_report as write_report
from .story import (
    Alternative as Alternative,
    Flood as Flood,
    Marker as Marker,
    MeasureText as MeasureText,
    Story as Story,
)
from .what_if import method_page as method_page, what_if_asset as what_if_asset, what_if_page as what_if_page
