from .adviser import Advice as Advice, Adviser as Adviser
from .carrying import changes_of as changes_of, plans_of as plans_of
from .evidence import Repeated as Repeated, repeat as repeat
from .ground import AdviceGround as AdviceGround
from .judging import Plan as Plan, Race as Race, raced as raced
from .option import Option as Option
from .receipt import receipt as receipt, write_receipt as write_receipt
from .timing import plan_digest as plan_digest
from .trouble import Trouble as Trouble, troubles as troubles
from .ruling import Refusal as Refusal, Rules as Rules
