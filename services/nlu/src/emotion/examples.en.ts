/** How customers sound in English, one utterance per line. Written for customer service; edit freely. */
import { lines, type EmotionExamples } from './emotion-examples.js';

export const englishEmotions: EmotionExamples = {
  angry: lines(`
    this is ridiculous, I want my money back now
    your service is absolutely terrible
    I have called five times and nobody helps
    stop sending me canned replies
    worst company I have ever dealt with
    I am furious about this
    are you even reading what I write?
    you people are useless
    this is a scam and I will report you
    unacceptable, get me a manager
    I'm sick and tired of waiting
    how dare you charge me twice
    what a joke of a shop
    I will never buy from you again
    you lied about the delivery date
    this is the third time you sent the wrong item
    fix this immediately or I'm calling my bank
    I demand a refund today
    what the hell is going on with my order
    absolutely disgusting customer service
    stop wasting my time
    you stole my money
    nobody answers the phone, are you kidding me
    I've had enough of your excuses
    pathetic
    this is outrageous
    total rip off
    give me a real person, not this stupid bot
    your courier threw my parcel over the fence, unbelievable
    I'm done with you guys, cancel everything
    do you think I'm an idiot?
    this product is garbage
    I will leave a one star review everywhere
    you promised a callback and lied again
    so you break it and I have to pay? no way
    see you in court
    how hard can it be to send one box
    I am beyond angry right now
    don't you dare close my ticket again
    shame on you
    fake product, you are crooks
    this is theft, plain and simple
    who is responsible for this mess
    it's been three weeks!! where is it!!
    your app is trash and so is your support
    I hate this company
    do your job
    that is a blatant lie
    quit passing me from one department to another
    I'm fed up with this nonsense
    you ruined everything and don't even apologise
    no more excuses
    why should I pay for your mistake
    this makes me so mad
    awful, rude and incompetent staff
    every single time something goes wrong with you
    I refuse to pay for this crap
    are you deaf? I said cancel it
    damn it, it broke again
    your policy is an insult to customers
    disgraceful treatment of a loyal customer
    I want to file a complaint against your agent, he was rude
    angry
    I am angry
    very angry
    furious
    mad
    outraged
    annoyed
    so annoying
    this is annoying
    irritating
    I hate it
    hate this
    terrible
    horrible
    terrible service
    worst ever
    bad service
    rude
    liar
    liars
    scam
    cheaters
    fraud
    rubbish
    trash
    stupid
    idiots
    nonsense
    wtf
    bullshit
    unacceptable
    not acceptable
    I complain
    I want to complain
    fed up
    not happy at all, fix it
    very unhappy with your service
    useless support
    shut up
    too slow, unbelievable
    way too slow
    I am losing my patience
    enough is enough
  `),
  anxious: lines(`
    I really need this by Friday, will it make it?
    I'm worried my parcel is lost
    please hurry, it's urgent
    I think my account was hacked, what do I do?
    will I be charged twice? the page froze
    it's for a wedding on Saturday and I'm getting nervous
    could you please check as soon as possible
    tracking hasn't moved for days, should I be worried?
    I'm scared I entered the wrong address
    help, I paid but there is no order
    is it safe? it gets very hot when charging
    I'm not sure if I did this right
    what if customs keeps it
    please tell me it's going to arrive in time
    I'm afraid I was scammed by someone claiming to be you
    we leave on Monday and the suitcase isn't here yet
    my baby needs this formula, please send it quickly
    I keep refreshing the page, still nothing, I'm getting worried
    can you double check, I don't want to lose my money
    it says delivered but I don't have it, what now?
    I'm panicking, I cancelled the wrong order
    I haven't heard anything back and I'm concerned
    will my data be safe?
    I can't log in and all my credit is in there
    the deadline is today and the code doesn't arrive
    is everything ok with my order? it still says pending
    I'm stressed about this refund
    urgent!! please answer
    what happens if nobody is home? I'm a bit worried
    I need the invoice right now, my flight is boarding
    please please make sure it ships today
    my grandmother needs this medicine, is there any way to speed it up
    I'm nervous about ordering from abroad for the first time
    are you sure it will fit? I'm really not certain
    I got a rash after using it, is that dangerous?
    does this affect my credit score? I'm anxious
    I'm running out of time
    the gift has to be here tomorrow, is there any chance?
    my card was declined three times, is something wrong?
    I fear it got damaged on the way
    it smells like burning, should I unplug it?
    I hope it's not lost, can you find it?
    I can't sleep because of this
    will I lose my points? they expire tonight
    somebody ordered something in my name, please help
    am I too late to change the address?
    my boss is waiting for this delivery, please check quickly
    I really hope this works out
    I don't know what to do
    I'm concerned that the return window closes before the pickup
    is it normal that it takes this long? I'm uneasy
    please confirm, I need to be sure
    my phone number changed and I can't get the code, help
    I accidentally paid for someone else's order, what should I do
    is there a risk that it leaks
    time is really tight, can you rush it?
    did my payment go through? I'm not sure
    my son swallowed a small part, is it toxic?
    will it still come before Christmas? I'm worried
    I'm so worried about my package
    can someone reply please, it's an emergency
    I might have been charged by mistake, can you look right away
    worried
    I am worried
    anxious
    nervous
    afraid
    scared
    urgent
    very urgent
    asap
    please hurry
    hurry up please
    stressed
    concerned
    panicking
    uneasy
    is it lost
    what should I do
    what do I do now
    I am not sure
    hope it is not lost
    will it arrive in time
    need it today
    can it come faster
    fear
    frightened
    emergency
    help me please, quickly
    time is running out
    is it dangerous
    desperate for an answer
  `),
  sad: lines(`
    I'm so disappointed
    it arrived broken and I could cry
    this was a birthday gift for my mum and now it's ruined
    I expected more from you
    oh no, that's really sad
    never mind, I give up
    I feel let down
    I was looking forward to it for weeks
    what a pity, it's sold out again
    my dog passed away, can I return the food?
    I'm heartbroken, all my photos are gone
    it's just not what I hoped for
    I saved up for months and it doesn't even work
    I used to love this shop
    sadly it doesn't fit
    I missed the sale, I'm gutted
    we missed our anniversary because it came too late
    I feel ignored
    it's a real shame
    I have lost hope that it will come
    my daughter was in tears when she opened the box
    I trusted you and this is what I get
    such a letdown
    unfortunately it was a disappointment
    I regret buying it
    I lost my job and have to cancel the subscription
    my husband died last month and I need to close his account
    I'm really upset about the broken vase, it meant a lot to me
    feeling pretty down about this
    the colour is nothing like the picture, sad
    I wish I had never ordered
    it makes me sad to leave after ten years
    I guess loyal customers don't matter
    nothing I try works, I'm so discouraged
    it was my favourite mug and now it's in pieces
    the surprise is spoiled
    I feel helpless
    I can't believe it's gone
    that's depressing
    I was hoping for good news
    I'm sorry to see this happen, I really liked the brand
    all that waiting for nothing
    sigh, same result again
    it hurts to throw it away
    no one seems to care
    I'm very unhappy with how this turned out
    it breaks my heart
    the last one was sold just before I paid, sob
    my parents waited all day and nobody came
    I had such high hopes
    a sad end to a long search
    I am left with an empty box and no answer
    everyone else got theirs except me
    I'm tired of hoping
    we can't afford it anymore, sorry
    it's the last thing she gave me and it's lost
    too bad, I really wanted it
    so much for the holiday we planned
    I feel foolish for believing the reviews
    disappointed once more
    this left me feeling miserable
    I'm crying, it's all gone
    sad
    so sad
    disappointed
    very disappointed
    disappointing
    unhappy
    not happy
    heartbroken
    upset
    depressed
    sorry to see it go
    regret
    miserable
    crying
    in tears
    tears
    hurt
    let down
    lonely
    hopeless
    gave up
    too bad
    what a shame
    bad luck
    grief
    gloomy
    I am not happy with it
    not what I wanted
    it did not work out
    feeling blue
    unfortunately not good
  `),
  happy: lines(`
    thank you so much, that was quick
    awesome, it works now
    I love it
    great service as always
    you made my day
    perfect, exactly what I needed
    arrived early, very happy
    wow, that was fast
    thanks a lot for your help
    five stars from me
    the quality is amazing
    my kids adore it
    brilliant, problem solved
    you are the best
    I'm really pleased with my order
    fantastic support, thanks
    best shop ever
    yay, it finally came
    super happy with the keyboard
    the agent was so kind and patient
    what a lovely surprise, thank you for the gift
    excellent value for money
    I will definitely order again
    glad that's sorted, cheers
    that's wonderful news
    so excited to try it
    beautiful packaging, nice touch
    I recommended you to all my friends
    refund received already, impressive
    everything went smoothly, thanks
    nice one
    couldn't be happier
    looks even better than in the photos
    thank you for the discount, much appreciated
    haha great, thanks
    delighted with the purchase
    you guys rock
    it fits like a glove, love it
    thanks for being so helpful
    good job, keep it up
    I'm impressed by how quickly you answered
    my wife is thrilled with the present
    that is very generous of you, thank you
    really comfortable, worth every penny
    excellent, just excellent
    much better than I expected
    you saved my weekend
    pleasure doing business with you
    works like a charm
    top quality, very satisfied
    great, thanks for the fast reply
    hooray
    happy customer here
    the sound is incredible, love these headphones
    what a relief, thank you so much
    perfect timing, thanks
    such a friendly team
    I appreciate it a lot
    you're a star
    brilliant experience from start to finish
    finally, it's here and it's gorgeous
    well done, thanks everyone
    happy
    very happy
    glad
    pleased
    love
    love it
    like it a lot
    great
    amazing
    awesome
    excellent
    perfect
    wonderful
    thanks
    thank you
    thank you very much
    many thanks
    cheers
    cool
    nice
    good
    very good
    so good
    satisfied
    delighted
    excited
    fantastic
    brilliant
    beautiful
    impressive
    works great
    well done
    good service
    fast delivery, great
    helpful
    very helpful
    appreciated
    lovely
    super
    enjoy it
  `),
  neutral: lines(`
    where is my order
    how do I return an item
    when will A1001 ship
    do you have it in black
    can I get an invoice
    how much is shipping
    do you accept PayPal
    is this keyboard wireless
    hi
    hello there
    how long does a refund take
    I want to change my delivery address
    how long is the warranty
    do you have a coupon code
    track my parcel
    I'd like to exchange it for a larger size
    can I pay on delivery
    how do I sign up
    how do points work
    which courier do you use
    do you ship to Canada
    do you deliver on weekends
    I have a new phone number
    I forgot my password
    what's the difference between these two
    what is the battery capacity
    talk to an agent
    ok
    got it
    yes
    I want to cancel my order
    my order number is A1003
    put the company name on the invoice
    what are your opening hours
    where is your store
    can I pick it up myself
    any promotions this week
    what are the dimensions
    where can I download the manual
    do I have to pay import duty
    how many can I buy at once
    when do preorders ship
    how do I open a return request
    send me the return address
    can I pay in instalments
    is it in stock
    recommend a headset
    change the recipient to my sister
    please email me the receipt
    what membership levels are there
    delete my account
    is it machine washable
    does it support wireless charging
    is there a discount for two
    is delivery free
    one accessory is not in the box, how can I get it
    I ordered yesterday, does it ship today
    what is the exchange process
    customer service hours
    how do I contact the seller
    never mind, I found it
    I'll have another look
    no
    that's all
    what does it cost
    question
    refund
    return
    exchange
    shipping
    delivery
    order
    invoice
    coupon
    address
    size
    colour
    price
    stock
    how much
    when
    where
    which one
    is it possible
    sure
    fine
    okay
    no thanks
    not yet
    I have not received my order
    my package is late
    it has not arrived
    it has not shipped yet
    the item is damaged, how do I exchange it
    one item is missing
    I got the wrong colour
    it does not fit
    it stopped working
    the screen stays black
    payment failed
    I cannot log in
    the coupon does not work
    how do I file a complaint
    the refund is not in my account yet
    what happens if a parcel is lost
    tracking has not been updated
    nobody contacted me about the delivery
    the size is too small
    wrong item in the box, how do I send it back
    can you ship today
    the courier left it next door
    good morning
    good night
    bye
    see you
    talk to you later
    nothing else for now
    who are you
    are you a robot
    what can you do
    what is your name
    can you do me a favour
    I have a question about my account
    connect me with a person
    I want to speak with someone
    transfer me to a colleague
    could somebody ring me back
    give me a call this afternoon
    please call this number
    my number is 13800138000
    that is correct
    yes please
    go ahead
    no need
    I don't want it
    I don't need this one any more
    please cancel my order
    change it to two pieces
    add one more to the order
    how do I place an order
    how soon after payment do you dispatch
    where has my parcel got to
    it is marked delivered but it is not here
    my parcel is missing
    there was only one in the box
    you sent another colour
    the cup has a crack
    it does not turn on
    a button is not working
    it won't charge
    there is no sound
    the zip is broken
    it has a scratch, can I swap it
    when do I get my money
    send the money back to my card
    can I keep it and get a partial refund
    my card was not accepted
    the payment gives an error
    I was charged two times, please check
    the amount on my statement is different
    paid but still shows unpaid
    the name on the invoice is wrong
    the tax number has a typo
    I can't sign in
    my account is locked
    I don't receive the code
    please remove my data
    unsubscribe me from the newsletter
    my voucher is rejected
    can I use two vouchers together
    the price dropped after I bought it
    how do I reach the gold level
    how is it different from the last version
    is it suitable for beginners
    which one makes a good present
    when will it be back
    is it sold out
    let me know when it is available
    it broke within the warranty period
    can you leave it at a pickup point
    the phone number on the parcel is wrong
    send it to another address
    can I receive it overseas
    are there duties to pay
    are you open on Sunday
    is someone there at night
    how do I write a review
    who handles complaints
    I have a suggestion
    the item differs from the description
    the driver left it at the door
    the pickup did not take place yesterday
    what is the state of my ticket
    I would like to know
    can you tell me
    please help me with this
    I need some information
    I need help with an order
    could you look into it
    let me check
    hold on
    one moment
  `),
};
